import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react'
import { Activity, Mic, MicOff, Video as VideoIcon, VideoOff, Volume2 } from 'lucide-react'
import type { RoomPolicy } from '@p2pigeon/core'
import { useReadable } from '../../state/index.ts'
import {
  maxNameLength,
  meterLevel,
  useSession,
  type Device,
  type LevelMeter,
  type LocalMediaSnapshot,
} from '../../session/index.ts'
import {
  Avatar,
  Banner,
  Button,
  IconButton,
  LevelBar,
  SelectField,
  Spinner,
  TextField,
  Video,
  Wordmark,
} from '../../ui/index.ts'
import { text } from '../../text/index.ts'
import { Policy } from './Policy.tsx'
import { deviceProblem, joinFault, PreJoinViewModel } from './pre-join-view-model.ts'

export interface PreJoinViewProps {
  readonly roomId: string
  /** As the link fixes it. */
  readonly policy: RoomPolicy
  readonly goHome: () => void
  readonly checkConnection: () => void
  readonly corner: ReactNode
}

export function PreJoinView({ roomId, policy, goHome, checkConnection, corner }: PreJoinViewProps) {
  const session = useSession()
  const [model] = useState(
    () =>
      new PreJoinViewModel({
        roomId,
        givenName: session.rooms.givenName(roomId),
        media: session.media.snapshot,
        devices: session.devices.list,
        preferences: session.preferences.value,
        call: session.call.state,
        openMedia: (wish) => session.media.open(wish),
        usualWish: () => session.media.usualWish(),
        closeMedia: () => session.media.close(),
        toggleMicrophone: () => session.media.toggleMicrophone(),
        toggleCamera: () => session.media.toggleCamera(),
        chooseMicrophone: (id) => session.media.chooseMicrophone(id),
        chooseCamera: (id) => session.media.chooseCamera(id),
        change: (part) => session.preferences.change(part),
        join: () => session.join(roomId),
      }),
  )
  useEffect(() => {
    model.start()
    return () => model.end()
  }, [model])
  const nameField = useRef<HTMLInputElement>(null)
  // The one thing left to fill in takes the focus.
  useEffect(() => {
    if (nameField.current?.value === '') nameField.current.focus()
  }, [])
  const media = useReadable(model.ports.media)
  const call = useReadable(model.ports.call)
  const preferences = useReadable(model.ports.preferences)
  const devices = useReadable(model.ports.devices)
  const problem = deviceProblem(media)
  const fault = joinFault(call)
  const joining = call.kind === 'joining'
  return (
    <div className="mx-auto flex min-h-dvh max-w-6xl flex-col px-4 sm:px-5 wide:px-8">
      <header className="flex h-16 shrink-0 items-center justify-between">
        <button
          type="button"
          onClick={goHome}
          aria-label={`${text.product.name}: ${text.common.home}`}
          className="flex rounded-control"
        >
          <Wordmark name={text.product.name} />
        </button>
        {corner}
      </header>
      <main
        id="main"
        className="grid flex-1 content-start gap-6 pb-8 wide:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] wide:content-center wide:gap-12"
      >
        <section aria-label={text.preJoin.preview} className="min-w-0">
          <Preview media={media} name={preferences.name} model={model} />
          <MicrophoneLevel media={media} />
        </section>
        <form
          className="flex min-w-0 flex-col gap-5 self-center"
          onSubmit={(event) => {
            event.preventDefault()
            void model.ports.join()
          }}
        >
          <div>
            <p className="truncate text-[0.875rem] text-faint">{model.title}</p>
            <h1 className="text-2xl font-semibold tracking-tight">{text.preJoin.heading}</h1>
            <Policy policy={policy} />
          </div>
          <TextField
            label={text.preJoin.nameLabel}
            value={preferences.name}
            maxLength={maxNameLength}
            placeholder={text.preJoin.namePlaceholder}
            note={text.preJoin.nameNote}
            autoComplete="nickname"
            ref={nameField}
            onChange={(event) => model.setName(event.currentTarget.value)}
          />
          {problem && (
            <div role="alert">
              <Banner
                tone="warn"
                title={problem.title}
                action={
                  <Button size="small" onClick={() => model.retry()}>
                    {text.common.tryAgain}
                  </Button>
                }
              >
                {problem.body} {text.preJoin.joinAnyway}
              </Banner>
            </div>
          )}
          {fault && (
            <div role="alert">
              <Banner tone="fault" title={fault.title}>
                {fault.body}
              </Banner>
            </div>
          )}
          <Button type="submit" tone="primary" disabled={joining}>
            {joining && <Spinner />}
            {text.preJoin.joinNow}
          </Button>
          <div className="grid gap-2.5">
            <DeviceSelect
              label={text.preJoin.microphone}
              icon={<Mic size={17} aria-hidden />}
              devices={devices.microphones}
              chosen={preferences.microphoneId}
              choose={(id) => void model.ports.chooseMicrophone(id)}
            />
            <DeviceSelect
              label={text.preJoin.camera}
              icon={<VideoIcon size={17} aria-hidden />}
              devices={devices.cameras}
              chosen={preferences.cameraId}
              choose={(id) => void model.ports.chooseCamera(id)}
            />
            {session.devices.abilities.chooseSpeaker && devices.speakers.length > 0 && (
              <DeviceSelect
                label={text.preJoin.speaker}
                icon={<Volume2 size={17} aria-hidden />}
                devices={devices.speakers}
                chosen={preferences.speakerId}
                choose={(id) => model.chooseSpeaker(id)}
              />
            )}
          </div>
          <Button tone="quiet" size="small" className="-mx-3 -mt-2 self-start" onClick={checkConnection}>
            <Activity size={16} aria-hidden />
            {text.doctor.open}
          </Button>
        </form>
      </main>
    </div>
  )
}

function Preview({
  media,
  name,
  model,
}: {
  readonly media: LocalMediaSnapshot
  readonly name: string
  readonly model: PreJoinViewModel
}) {
  const microphoneOn = media.media.microphone === 'on'
  const cameraOn = media.media.camera === 'on'
  const microphoneLabel = microphoneOn ? text.controls.mute : text.controls.unmute
  const cameraLabel = cameraOn ? text.controls.cameraOff : text.controls.cameraOn
  return (
    <div className="relative aspect-4/3 overflow-hidden rounded-card bg-tile sm:aspect-video">
      <div className="absolute inset-0 flex flex-col items-center justify-center gap-4 pb-10">
        {media.phase === 'opening' && !cameraOn ? (
          <p className="flex items-center gap-2.5 text-soft">
            <Spinner /> {text.preJoin.starting}
          </p>
        ) : (
          <>
            <Avatar
              name={name.trim() || text.common.guest}
              seed={name.trim() || text.common.guest}
              className="size-24 text-3xl"
            />
            <p className="text-soft">{media.cameraFault ? text.preJoin.noCamera : text.preJoin.cameraOff}</p>
          </>
        )}
      </div>
      {cameraOn && media.stream && (
        <div className="absolute inset-0">
          <Video stream={media.stream} mirrored />
        </div>
      )}
      <div className="absolute inset-x-0 bottom-4 flex justify-center gap-3">
        <IconButton
          hint
          label={microphoneLabel}
          tone={microphoneOn ? 'solid' : 'off'}
          className="size-12 shadow-float"
          onClick={() => void model.ports.toggleMicrophone()}
        >
          {microphoneOn ? <Mic size={21} aria-hidden /> : <MicOff size={21} aria-hidden />}
        </IconButton>
        <IconButton
          hint
          label={cameraLabel}
          tone={cameraOn ? 'solid' : 'off'}
          className="size-12 shadow-float"
          onClick={() => void model.ports.toggleCamera()}
        >
          {cameraOn ? <VideoIcon size={21} aria-hidden /> : <VideoOff size={21} aria-hidden />}
        </IconButton>
      </div>
    </div>
  )
}

function MicrophoneLevel({ media }: { readonly media: LocalMediaSnapshot }) {
  const { microphone } = media.media
  const meter = useRef<LevelMeter>(undefined)
  const { stream } = media
  // The audio track may be replaced inside the same stream: the meter listens to a track, so it starts anew with it.
  const track = stream?.getAudioTracks()[0]
  useEffect(() => {
    if (!stream || !track || microphone !== 'on') return
    const started = meterLevel(stream)
    meter.current = started
    return () => {
      meter.current = undefined
      started.stop()
    }
  }, [stream, track, microphone])
  const read = useCallback(() => meter.current?.level() ?? 0, [])
  return (
    <div className="mt-4 flex h-6 items-center gap-3 text-[0.875rem] text-faint">
      {microphone === 'on' ? <Mic size={17} aria-hidden /> : <MicOff size={17} aria-hidden />}
      {microphone === 'on' ? (
        <LevelBar label={text.preJoin.level} read={read} />
      ) : (
        <span>{microphone === 'off' ? text.preJoin.quiet : text.preJoin.noMicrophone}</span>
      )}
    </div>
  )
}

interface DeviceSelectProps {
  readonly label: string
  readonly icon: ReactNode
  readonly devices: readonly Device[]
  readonly chosen: string | undefined
  readonly choose: (id: string | undefined) => void
}

function DeviceSelect({ label, icon, devices, chosen, choose }: DeviceSelectProps) {
  const present = devices.some((device) => device.id === chosen)
  return (
    <SelectField
      label={label}
      icon={icon}
      value={present ? chosen : ''}
      disabled={devices.length === 0}
      onChange={(event) => choose(event.currentTarget.value || undefined)}
    >
      <option value="">
        {devices.length === 0 ? `${label}: ${text.preJoin.noDevices}` : text.devices.systemDefault}
      </option>
      {devices.map((device, index) => (
        <option key={device.id} value={device.id}>
          {device.label || text.devices.unnamed(label, index + 1)}
        </option>
      ))}
    </SelectField>
  )
}
