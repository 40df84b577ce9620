import { useEffect, useRef, useState } from 'react'
import type { DeviceEntry, IdentityRecord } from '@p2pigeon/core/people'
import { MonitorSmartphone, Pencil, Plus } from 'lucide-react'
import { Store, useReadable } from '../../../state/index.ts'
import { useSession } from '../../../session/index.ts'
import { Button, IconButton, Modal, Spinner } from '../../../ui/index.ts'
import { text, timeAgo, vaultText } from '../../../text/index.ts'
import { AddDeviceDialog, LinkDeviceDialog } from '../devices/index.ts'
import { idle, runTask, type TaskState } from '../task.ts'
import { TaskFault } from '../TaskFault.tsx'
import { useControls } from '../use-controls.ts'
import { Section } from './Section.tsx'

const words = vaultText.settings.devices
/** As long as a record takes it. */
const maxNameLength = 32

/** The devices that act for this identity. */
export function DevicesSection({
  record,
  failed,
  isLinked,
}: {
  readonly record: IdentityRecord | undefined
  readonly failed: boolean
  readonly isLinked: boolean
}) {
  const { devices } = useControls()
  const [dialog, setDialog] = useState<'add' | 'link'>()
  const [removing, setRemoving] = useState<DeviceEntry>()
  const [task] = useState(() => new Store<TaskState>(idle))
  const close = (): void => setDialog(undefined)
  return (
    <Section title={words.title}>
      <p className="text-[0.875rem] text-soft">{isLinked ? words.linked : words.body}</p>
      {record ? (
        <ul className="mt-3 divide-y divide-line border-y border-line">
          {record.devices.map((device) => (
            <Device
              key={String(device.publicKey)}
              device={device}
              isThis={devices.isThisDevice(device)}
              isFixed={isLinked}
              rename={(name) => void runTask(task, () => devices.rename(device, name))}
              remove={() => setRemoving(device)}
            />
          ))}
        </ul>
      ) : (
        <p className="mt-3 flex items-center gap-2.5 py-3 text-soft">
          {failed ? words.failed : <Spinner />}
          {!failed && words.loading}
        </p>
      )}
      <TaskFault task={task} />
      <div className="mt-4 flex flex-wrap gap-2.5">
        {!isLinked && (
          <Button size="small" disabled={!record} onClick={() => setDialog('add')}>
            <Plus size={16} aria-hidden /> {words.add}
          </Button>
        )}
        <Button size="small" disabled={!record} onClick={() => setDialog('link')}>
          {words.link}
        </Button>
      </div>
      {dialog === 'add' && <AddDeviceDialog close={close} />}
      {dialog === 'link' && <LinkDeviceDialog close={close} />}
      {removing && <RemoveDevice device={removing} close={() => setRemoving(undefined)} />}
    </Section>
  )
}

function Device({
  device,
  isThis,
  isFixed,
  rename,
  remove,
}: {
  readonly device: DeviceEntry
  readonly isThis: boolean
  readonly isFixed: boolean
  readonly rename: (name: string) => void
  readonly remove: () => void
}) {
  const [editing, setEditing] = useState(false)
  const [nowMs] = useState(() => Date.now())
  const field = useRef<HTMLInputElement>(null)
  const pencil = useRef<HTMLButtonElement>(null)
  useEffect(() => field.current?.select(), [editing])
  const done = (): void => {
    setEditing(false)
    requestAnimationFrame(() => pencil.current?.focus())
  }
  if (editing) {
    return (
      <li className="py-2">
        <form
          className="flex flex-wrap items-center gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            rename(field.current?.value ?? '')
            done()
          }}
        >
          <input
            ref={field}
            aria-label={words.name}
            defaultValue={device.name}
            maxLength={maxNameLength}
            onKeyDown={(event) => {
              if (event.key === 'Escape') done()
            }}
            className="h-9 min-w-40 flex-1 rounded-control bg-surface px-3 inset-ring inset-ring-edge"
          />
          <Button type="submit" tone="primary" size="small">
            {text.common.save}
          </Button>
          <Button tone="quiet" size="small" onClick={done}>
            {text.common.cancel}
          </Button>
        </form>
      </li>
    )
  }
  return (
    <li className="flex items-center gap-3 py-2.5">
      <MonitorSmartphone size={20} aria-hidden className="shrink-0 text-faint" />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span className="truncate font-medium">{device.name}</span>
          {isThis && <span className="text-[0.8125rem] text-accent">{words.thisOne}</span>}
        </span>
        <span className="block text-[0.8125rem] text-faint">{words.added(timeAgo(device.addedAtMs, nowMs))}</span>
      </span>
      {!isFixed && (
        <IconButton ref={pencil} hint size="small" label={words.rename(device.name)} onClick={() => setEditing(true)}>
          <Pencil size={16} aria-hidden />
        </IconButton>
      )}
      {!isFixed && !isThis && (
        <Button size="small" tone="quiet" aria-label={words.removeLabel(device.name)} onClick={remove}>
          {words.remove}
        </Button>
      )}
    </li>
  )
}

function RemoveDevice({ device, close }: { readonly device: DeviceEntry; readonly close: () => void }) {
  const { notices } = useSession()
  const { devices } = useControls()
  const [task] = useState(() => new Store<TaskState>(idle))
  const { busy } = useReadable(task)
  const remove = async (): Promise<void> => {
    const done = await runTask(task, async () => {
      await devices.remove(device)
      return true
    })
    if (!done) return
    notices.toast(words.removed(device.name))
    close()
  }
  return (
    <Modal title={words.removeTitle(device.name)} close={close}>
      <p className="text-soft">{words.removeBody}</p>
      <TaskFault task={task} />
      <div className="mt-5 flex flex-wrap justify-end gap-2.5">
        <Button onClick={close}>{text.common.cancel}</Button>
        <Button tone="danger" disabled={busy} onClick={() => void remove()}>
          {busy && <Spinner />}
          {words.removeYes}
        </Button>
      </div>
    </Modal>
  )
}
