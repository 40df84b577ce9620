import { useRef, useState, type ReactNode } from 'react'
import { Plus } from 'lucide-react'
import { useReadable } from '../../state/index.ts'
import { maxRoomNameLength, useSession, type NodeStatus } from '../../session/index.ts'
import { Banner, Button, cx, Modal, PigeonMark, Spinner, TextField, Wordmark } from '../../ui/index.ts'
import { text } from '../../text/index.ts'
import { DashboardViewModel, nodeWords, type NodeTone } from './dashboard-view-model.ts'
import { PrivacyChoice } from './PrivacyChoice.tsx'
import { RecentRoomItem } from './RecentRoomItem.tsx'

export interface DashboardViewProps {
  /** The code of a link that was just opened and refused. */
  readonly linkFault: string | undefined
  readonly goToRoom: (roomId: string) => void
  /** What stands at the right of the header. */
  readonly corner: ReactNode
  /** Stands above the recent rooms, where something asks for attention. */
  readonly notice?: ReactNode
  /** Stands below them. */
  readonly aside?: ReactNode
}

export function DashboardView({ linkFault, goToRoom, corner, notice, aside }: DashboardViewProps) {
  const session = useSession()
  const [model] = useState(
    () =>
      new DashboardViewModel(
        {
          node: session.node.status,
          rooms: session.rooms.list,
          standardPolicy: session.standardPolicy,
          createRoom: (policy) => session.createRoom(policy),
          openLink: (typed) => session.openLink(typed),
          rename: (roomId, name) => session.rooms.rename(roomId, name),
          remove: (roomId) => session.rooms.remove(roomId),
          restore: (rooms) => session.rooms.restore(rooms),
          forgetAll: () => session.rooms.forgetAll(),
          goToRoom,
          offerUndo: (said, run) => session.notices.toast(said, { action: { label: text.common.undo, run } }),
          now: () => Date.now(),
        },
        linkFault,
      ),
  )
  const linkField = useRef<HTMLInputElement>(null)
  const state = useReadable(model.state)
  const node = useReadable(model.node)
  return (
    <div className="mx-auto flex min-h-dvh max-w-6xl flex-col px-5 wide:px-8">
      <header className="flex h-16 items-center justify-between">
        <Wordmark name={text.product.name} />
        {corner}
      </header>
      <main
        id="main"
        className="grid flex-1 content-start gap-12 py-8 wide:grid-cols-[minmax(0,6fr)_minmax(0,5fr)] wide:gap-20 wide:pt-[max(3rem,50dvh-18rem)] wide:pb-12"
      >
        <section className="max-w-xl">
          <h1 className="text-[clamp(1.75rem,1.2rem+2.2vw,2.625rem)] leading-[1.15] font-semibold tracking-tight">
            {text.product.sentence}
          </h1>
          <p className="mt-4 max-w-[34rem] text-[1.0625rem] text-soft">{text.product.more}</p>
          <div className="mt-8">
            <Button
              tone="primary"
              className="w-full sm:w-auto sm:min-w-44"
              disabled={state.creating}
              onClick={() => void model.createRoom()}
            >
              {state.creating ? <Spinner /> : <Plus size={18} aria-hidden />}
              {text.dashboard.newRoom}
            </Button>
            <PrivacyChoice
              policy={state.policy}
              choosePrivacy={(level) => model.choosePrivacy(level)}
              chooseConstantRate={(on) => model.chooseConstantRate(on)}
              chooseKeepChat={(on) => model.chooseKeepChat(on)}
            />
          </div>
          {state.createFault && (
            <div role="alert" className="mt-4">
              <Banner tone="fault" title={state.createFault.title}>
                {state.createFault.body}
              </Banner>
            </div>
          )}
          <form
            className="mt-6 flex flex-col gap-3 border-t border-line pt-6 sm:flex-row sm:items-start"
            onSubmit={(event) => {
              event.preventDefault()
              void model.joinByLink(linkField.current?.value ?? '')
            }}
          >
            <TextField
              className="min-w-0 flex-1"
              label={text.dashboard.linkLabel}
              labelHidden
              ref={linkField}
              type="text"
              inputMode="url"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              placeholder={text.dashboard.linkPlaceholder}
              onChange={() => model.linkEdited()}
              fault={
                state.linkFault && (
                  <>
                    <strong className="font-semibold">{state.linkFault.title}.</strong> {state.linkFault.body}
                  </>
                )
              }
            />
            <Button type="submit">{text.dashboard.joinRoom}</Button>
          </form>
          <NodeLine status={node} />
        </section>
        <div className="min-w-0">
          {notice}
          <RecentRooms model={model} goToRoom={goToRoom} />
          {aside}
        </div>
      </main>
    </div>
  )
}

const dots: Readonly<Record<NodeTone, string>> = {
  busy: 'bg-edge breathe',
  good: 'bg-good',
  limited: 'bg-warn-ink',
  lost: 'bg-danger breathe',
}

function NodeLine({ status }: { readonly status: NodeStatus }) {
  const { words, tone } = nodeWords(status)
  return (
    <p className="mt-8 flex items-start gap-2.5 text-[0.875rem] text-soft" data-testid="node-status">
      <span aria-hidden className={cx('mt-1.5 size-2 shrink-0 rounded-full', dots[tone])} />
      {words}
    </p>
  )
}

function RecentRooms({
  model,
  goToRoom,
}: {
  readonly model: DashboardViewModel
  readonly goToRoom: (roomId: string) => void
}) {
  const rooms = useReadable(model.rooms)
  const [asking, setAsking] = useState(false)
  return (
    <section aria-labelledby="recent" className="min-w-0">
      <div className="mb-3 flex min-h-9 items-center justify-between">
        <h2 id="recent" className="text-[1.0625rem] font-semibold">
          {text.dashboard.recent}
        </h2>
        {rooms.length > 0 && (
          <Button tone="quiet" size="small" onClick={() => setAsking(true)}>
            {text.dashboard.forgetAll}
          </Button>
        )}
      </div>
      {rooms.length === 0 ? (
        <div className="flex flex-col items-center rounded-card bg-sunken px-8 py-12 text-center">
          <PigeonMark className="mb-4 size-10 text-edge" />
          <p className="font-medium">{text.dashboard.emptyTitle}</p>
          <p className="mt-1 max-w-72 text-[0.875rem] text-faint">{text.dashboard.emptyBody}</p>
        </div>
      ) : (
        <>
          <ul className="max-h-112 divide-y divide-line overflow-x-hidden overflow-y-auto rounded-card bg-surface inset-ring inset-ring-line">
            {rooms.map((room) => (
              <RecentRoomItem
                key={room.roomId}
                row={model.row(room)}
                maxNameLength={maxRoomNameLength}
                open={() => goToRoom(room.roomId)}
                rename={(name) => void model.rename(room.roomId, name)}
                remove={() => void model.remove(room.roomId)}
              />
            ))}
          </ul>
          <p className="mt-2.5 px-1 text-[0.8125rem] text-faint">{text.dashboard.recentNote}</p>
        </>
      )}
      {asking && (
        <Modal title={text.dashboard.forgetAll} close={() => setAsking(false)}>
          <p className="text-soft">{text.dashboard.forgetAllAsk}</p>
          <form method="dialog" className="mt-5 flex justify-end gap-2.5">
            <Button type="submit">{text.common.cancel}</Button>
            <Button type="submit" tone="danger" onClick={() => void model.forgetAll()}>
              {text.dashboard.forgetAllYes}
            </Button>
          </form>
        </Modal>
      )}
    </section>
  )
}
