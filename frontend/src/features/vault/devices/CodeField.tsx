import { lazy, Suspense, useId, useState } from 'react'
import { ScanQrCode } from 'lucide-react'
import { Button } from '../../../ui/index.ts'
import { vaultFault, vaultText, type FaultText } from '../../../text/index.ts'

const CodeCamera = lazy(() => import('./CodeCamera.tsx').then(({ CodeCamera: camera }) => ({ default: camera })))
const words = vaultText.device

/** A code of the other device: pasted, or seen by the camera, which goes on by itself. */
export function CodeField({
  label,
  value,
  change,
  scanned,
  fault,
}: {
  readonly label: string
  readonly value: string
  readonly change: (code: string) => void
  readonly scanned: (code: string) => void
  readonly fault: FaultText | undefined
}) {
  const [scanning, setScanning] = useState(false)
  const [cameraFault, setCameraFault] = useState(false)
  const id = useId()
  const said = fault ? `${fault.title}. ${fault.body}` : undefined
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-[0.875rem] font-medium">
        {label}
      </label>
      <textarea
        id={id}
        rows={3}
        value={value}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        aria-invalid={said ? true : undefined}
        aria-describedby={`${id}-said`}
        onChange={(event) => change(event.currentTarget.value)}
        className="w-full resize-none rounded-control bg-surface px-3.5 py-2.5 font-mono text-[0.8125rem] break-all text-ink inset-ring inset-ring-edge focus-visible:-outline-offset-1 aria-invalid:inset-ring-danger"
      />
      <p id={`${id}-said`} role={said ? 'alert' : undefined} className="text-[0.8125rem] text-danger-ink">
        {said}
      </p>
      {scanning ? (
        <div className="mt-2 flex flex-col items-center gap-2">
          <div className="w-full max-w-64">
            <Suspense fallback={<div className="aspect-square rounded-control bg-tile" />}>
              <CodeCamera
                label={words.scanning}
                found={(code) => {
                  setScanning(false)
                  scanned(code)
                }}
                failed={() => {
                  setScanning(false)
                  setCameraFault(true)
                }}
              />
            </Suspense>
          </div>
          <p className="text-[0.8125rem] text-soft">{words.scanning}</p>
          <Button size="small" onClick={() => setScanning(false)}>
            {words.stopScan}
          </Button>
        </div>
      ) : (
        <Button
          size="small"
          className="mt-2"
          onClick={() => {
            setCameraFault(false)
            setScanning(true)
          }}
        >
          <ScanQrCode size={16} aria-hidden /> {words.scan}
        </Button>
      )}
      {cameraFault && (
        <p role="alert" className="mt-2 text-[0.8125rem] text-danger-ink">
          {vaultFault('camera-missing').title}. {vaultFault('camera-missing').body}
        </p>
      )}
    </div>
  )
}
