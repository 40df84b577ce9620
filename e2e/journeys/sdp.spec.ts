import { expect, openLibraryPage, test } from '../harness/index.ts'

/** What the page found, as it comes out of the browser. */
interface Outcome {
  readonly message: string
  readonly framesDecoded: readonly number[]
  readonly audioPackets: number
  readonly opusSizes: readonly number[]
  readonly codecs: readonly string[]
  readonly extensions: readonly string[]
  readonly sent: readonly string[]
  readonly stableIds: boolean
}

/*
 * Two connections of one page that hear of each other only what the sanitiser lets out and the judge lets in: microphone,
 * camera in two layers, screen and data; then a renegotiation that the other side starts.
 */
test('a browser negotiates with nothing but sanitised descriptions', async ({ browsers }) => {
  const browser = await browsers.get('allowed')
  const page = await browser.newPage()
  await openLibraryPage(page)

  const outcome = await page.evaluate(async (): Promise<Outcome> => {
    const path = '/sdp/index.js'
    const icePath = '/ice/index.js'
    const { SdpSanitizer, judgeRemoteSDP } = (await import(path)) as {
      SdpSanitizer: new (
        random: { bytes(length: number): Uint8Array },
        policy: object,
      ) => { sanitize(sdp: string): string }
      judgeRemoteSDP: (sdp: string, policy: object) => string
    }
    const { sanitizeIceCandidate, judgeRemoteCandidate } = (await import(icePath)) as {
      sanitizeIceCandidate: (candidate: RTCIceCandidate, level: string) => RTCIceCandidateInit | null
      judgeRemoteCandidate: (candidate: RTCIceCandidateInit, policy: object) => RTCIceCandidateInit | null
    }
    const policy = { level: 'lan', loopbackRelay: false, constantAudio: true }
    const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
    const sent: string[] = []

    const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true })
    const [microphone, camera] = [media.getAudioTracks()[0]!, media.getVideoTracks()[0]!]
    const [ada, ben] = [new RTCPeerConnection(), new RTCPeerConnection()]
    const sanitizers = new Map([ada, ben].map((pc) => [pc, new SdpSanitizer(random, policy)]))
    for (const [from, to] of [
      [ada, ben],
      [ben, ada],
    ] as const)
      from.onicecandidate = ({ candidate }) => {
        const left = candidate === null ? null : sanitizeIceCandidate(candidate, 'lan')
        if (left === null) return
        sent.push(left.candidate ?? '')
        const came = judgeRemoteCandidate(left, policy)
        if (came !== null) void to.addIceCandidate(came)
      }
    const pass = async (from: RTCPeerConnection, to: RTCPeerConnection) => {
      await from.setLocalDescription()
      const { type, sdp } = from.localDescription!
      const left = sanitizers.get(from)!.sanitize(sdp)
      sent.push(left)
      await to.setRemoteDescription({ type, sdp: judgeRemoteSDP(left, policy) })
      return left
    }
    const negotiate = async (from: RTCPeerConnection, to: RTCPeerConnection) => [
      await pass(from, to),
      await pass(to, from),
    ]
    const ids = (sdp: string) => sdp.match(/^a=(?:msid|ssrc):.*$/gm)!.join()

    ada.addTransceiver(microphone, { streams: [media] })
    ada.addTransceiver(camera, {
      streams: [media],
      sendEncodings: [{ rid: 'h' }, { rid: 'l', scaleResolutionDownBy: 2 }],
    })
    ada.addTransceiver(camera.clone(), { streams: [new MediaStream()], direction: 'sendonly' })
    const greeting = new Promise<string>((resolve) => {
      ben.ondatachannel = ({ channel }) => {
        channel.onmessage = ({ data }) => {
          resolve(String(data))
        }
      }
    })
    const channel = ada.createDataChannel('greeting')
    channel.onopen = () => {
      channel.send('hello through the sieve')
    }
    const [offer] = await negotiate(ada, ben)
    // now the other side offers, with a microphone in the section it has and a camera in a new one
    ben.getTransceivers()[0]!.direction = 'sendrecv'
    await ben.getTransceivers()[0]!.sender.replaceTrack(microphone.clone())
    ben.addTransceiver(camera.clone(), { streams: [new MediaStream()] })
    await negotiate(ben, ada)
    const [again] = await negotiate(ada, ben)

    const message = await greeting
    const inbound = async (pc: RTCPeerConnection) =>
      [...(await pc.getStats()).values()].filter((one: { type: string }) => one.type === 'inbound-rtp') as {
        kind: string
        mid: string
        framesDecoded?: number
        packetsReceived: number
        bytesReceived: number
      }[]
    const decoded = async () => {
      const [atBen, atAda] = [await inbound(ben), await inbound(ada)]
      return {
        frames: [...atBen, ...atAda]
          .filter(({ kind }) => kind === 'video')
          .map(({ framesDecoded }) => framesDecoded ?? 0),
        audio: atBen.find(({ kind }) => kind === 'audio')!,
      }
    }
    const until = performance.now() + 30_000
    let now = await decoded()
    while ((now.frames.length < 3 || now.frames.some((frames) => frames < 10)) && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      now = await decoded()
    }
    // bytes over packets, seen several times: any other packet size would show in the ratio
    const opusSizes: number[] = []
    let before = now.audio
    while (opusSizes.length < 5 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      const { audio: after } = await decoded()
      const packets = after.packetsReceived - before.packetsReceived
      if (packets < 10) continue
      opusSizes.push((after.bytesReceived - before.bytesReceived) / packets)
      before = after
    }
    const used = ben.getReceivers().map((receiver) => receiver.getParameters())
    ada.close()
    ben.close()
    return {
      message,
      framesDecoded: now.frames,
      audioPackets: now.audio.packetsReceived,
      opusSizes,
      codecs: used.flatMap(({ codecs }) => codecs.map(({ mimeType }) => mimeType)),
      extensions: used.flatMap(({ headerExtensions }) => headerExtensions.map(({ uri }) => uri)),
      sent,
      stableIds: ids(offer!) === ids(again!),
    }
  })
  await page.close()

  expect(outcome.message).toBe('hello through the sieve')
  // camera and screen one way, camera the other
  expect(outcome.framesDecoded.length).toBe(3)
  for (const frames of outcome.framesDecoded) expect(frames).toBeGreaterThanOrEqual(10)
  expect(outcome.audioPackets).toBeGreaterThan(0)
  // 32 kbit/s in packets of 20 ms
  expect(outcome.opusSizes.length).toBe(5)
  expect(new Set(outcome.opusSizes)).toEqual(new Set([80]))
  expect(outcome.extensions.filter((uri) => uri.includes('audio-level'))).toEqual([])
  expect(outcome.codecs).toContain('audio/opus')
  expect(outcome.stableIds).toBe(true)
  expect(outcome.sent.join('\n')).not.toMatch(
    /network-cost|generation|network-id|ssrc-audio-level|mozilla|WMS [0-9a-f]{8}-/,
  )
})
