import { lazy, Suspense, useState } from 'react'
import { Copy, CopyCheck } from 'lucide-react'
import { Button, Spinner } from '../../../ui/index.ts'
import { vaultText } from '../../../text/index.ts'

const QrCode = lazy(() => import('../../../ui/qr/index.ts').then(({ QrCode: code }) => ({ default: code })))
const words = vaultText.device

/** A code for the other device: to scan, and to copy. */
export function ShownCode({ code }: { readonly code: string }) {
  const [copied, setCopied] = useState<'yes' | 'refused'>()
  const copy = (): void => {
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(code))
      .then(
        () => setCopied('yes'),
        () => setCopied('refused'),
      )
  }
  return (
    <div className="flex flex-col items-center gap-3">
      <div className="w-full max-w-64">
        <Suspense
          fallback={
            <p className="flex aspect-square items-center justify-center gap-2.5 text-soft">
              <Spinner /> {words.making}
            </p>
          }
        >
          <QrCode content={code} label={words.qr} className="w-full" />
        </Suspense>
      </div>
      {copied === 'refused' ? (
        <label className="w-full text-[0.8125rem] text-soft">
          {words.selectByHand}
          <textarea
            readOnly
            rows={3}
            value={code}
            onFocus={(event) => event.currentTarget.select()}
            className="mt-1.5 w-full rounded-control bg-sunken px-3 py-2 font-mono text-[0.75rem] break-all text-ink"
          />
        </label>
      ) : (
        <>
          <Button size="small" onClick={copy}>
            {copied ? <CopyCheck size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
            {words.copy}
          </Button>
          <p role="status" className="sr-only">
            {copied ? words.copied : ''}
          </p>
        </>
      )}
    </div>
  )
}
