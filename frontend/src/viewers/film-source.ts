import {
  AppendOnlyStreamTarget,
  CustomSource,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  MATROSKA,
  MP4,
  Mp4OutputFormat,
  Output,
  QTFF,
  WEBM,
  WebMOutputFormat,
  type AudioCodec,
  type InputAudioTrack,
  type InputVideoTrack,
  type VideoCodec,
} from 'mediabunny'
import { inChunks } from './chunks.ts'
import type { Ranges } from './ranges.ts'

/** What a browser is fed at a time, so that playing begins soon. */
const fragmentSeconds = 0.5

/** A film whose parts are fetched as they are needed, and given to the browser as a stream that it can begin anywhere. */
export interface Film {
  readonly mimeType: string
  readonly seconds: number
  /** The parts from the last picture before `seconds` on that needs no other; each is written when the one before was taken. */
  play(seconds: number, write: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>, signal: AbortSignal): Promise<void>
}

/** @throws what is no film that this browser plays. */
export async function openFilm(ranges: Ranges, sizeBytes: number): Promise<Film> {
  const chunks = inChunks(ranges, sizeBytes)
  const input = new Input({
    formats: [MP4, QTFF, WEBM, MATROSKA],
    source: new CustomSource({
      getSize: () => sizeBytes,
      read: (start, end) => chunks.read(start, end),
    }),
  })
  const video = await input.getPrimaryVideoTrack()
  const audio = await input.getPrimaryAudioTrack()
  const [videoCodec, audioCodec] = [await video?.getCodec(), await audio?.getCodec()]
  if (!video || !videoCodec) throw unplayable()
  const codecs = [await video.getCodecParameterString(), await audio?.getCodecParameterString()]
  const isWebM = [videoCodec, audioCodec].some((codec) => codec === 'vp8' || codec === 'vorbis')
  const mimeType = `video/${isWebM ? 'webm' : 'mp4'}; codecs="${codecs.filter(Boolean).join(', ')}"`
  if (!MediaSource.isTypeSupported(mimeType)) throw unplayable()
  return {
    mimeType,
    seconds: await input.computeDuration(),
    play: (seconds, write, signal) => stream({ video, videoCodec, audio, audioCodec, isWebM }, seconds, write, signal),
  }
}

interface Tracks {
  readonly video: InputVideoTrack
  readonly videoCodec: VideoCodec
  readonly audio: InputAudioTrack | null
  readonly audioCodec: AudioCodec | null | undefined
  readonly isWebM: boolean
}

async function stream(
  { video, videoCodec, audio, audioCodec, isWebM }: Tracks,
  seconds: number,
  write: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const output = new Output({
    format: isWebM
      ? new WebMOutputFormat({ appendOnly: true, minimumClusterDuration: fragmentSeconds })
      : new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: fragmentSeconds }),
    target: new AppendOnlyStreamTarget(new WritableStream({ write: (bytes: Uint8Array) => write(bytes.slice()) })),
  })
  const pictures = new EncodedPacketSink(video)
  const sounds = audio && audioCodec ? new EncodedPacketSink(audio) : undefined
  const videoOut = new EncodedVideoPacketSource(videoCodec)
  const audioOut = audioCodec ? new EncodedAudioPacketSource(audioCodec) : undefined
  output.addVideoTrack(videoOut)
  if (audioOut) output.addAudioTrack(audioOut)
  const [videoConfig, audioConfig] = [await video.getDecoderConfig(), await audio?.getDecoderConfig()]
  await output.start()
  let picture = (await pictures.getKeyPacket(seconds)) ?? (await pictures.getFirstKeyPacket())
  const from = picture?.timestamp ?? 0
  let sound = (await sounds?.getPacket(from)) ?? (await sounds?.getFirstPacket())
  let isFirstPicture = true
  let isFirstSound = true
  while (picture ?? sound) {
    signal.throwIfAborted()
    if (picture && (!sound || picture.timestamp <= sound.timestamp)) {
      await videoOut.add(picture, isFirstPicture && videoConfig ? { decoderConfig: videoConfig } : undefined)
      isFirstPicture = false
      picture = await pictures.getNextPacket(picture)
    } else if (sound && audioOut && sounds) {
      await audioOut.add(sound, isFirstSound && audioConfig ? { decoderConfig: audioConfig } : undefined)
      isFirstSound = false
      sound = await sounds.getNextPacket(sound)
    }
  }
  await output.finalize()
}

function unplayable(): DOMException {
  return new DOMException('this browser does not play it', 'NotSupportedError')
}
