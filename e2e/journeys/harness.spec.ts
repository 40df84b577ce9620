import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import {
  codeOf,
  encodings,
  expect,
  futureLink,
  Person,
  RelayRecorder,
  secretOf,
  test,
  wrongSecretLink,
} from '../harness/index.ts'

/* The instruments themselves: a recorder that hears nothing would find every relay innocent. */

async function echoServer() {
  const server = createServer((_request, response) => response.end('body of a page'))
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

test('the recorder sees HTTP and both directions of a WebSocket, seams included, and can lie and cut', async () => {
  const server = await echoServer()
  const recorder = await RelayRecorder.start(server.url)
  expect(await (await fetch(`${recorder.url}/some/path`)).text()).toBe('body of a page')
  const socket = new WebSocket(`${recorder.url.replace('http', 'ws')}/dht`, ['first', 'second'])
  await once(socket, 'open')
  expect(socket.protocol).toBe('first')
  const answer = async (text: string) => {
    socket.send(text)
    const [data] = (await once(socket, 'message')) as [Buffer]
    return data.toString()
  }
  expect(await answer('a needle in ')).toBe('a needle in ')
  await answer('two messages')
  for (const seen of ['GET /some/path', 'body of a page', 'needle', 'needle in two', Buffer.from('two')])
    expect(recorder.saw(seen)).toBe(true)
  expect(recorder.saw('never sent')).toBe(false)
  expect(recorder.carried('toRelay')).toBe(24)
  expect(recorder.carried('toPage')).toBe(24)

  recorder.lieBy((frame, direction) => (direction === 'toPage' ? Buffer.from('a lie') : frame))
  expect(await answer('the truth')).toBe('a lie')
  recorder.cut()
  await once(socket, 'close')
  await recorder.close()
  server.close()
})

/** Serves one empty page under a strict policy. */
async function strictPage() {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.setHeader('Content-Security-Policy', "default-src 'self'; require-trusted-types-for 'script'")
    response.end('<!doctype html><title>P2Pigeon</title><div role="group" aria-label="Ben"></div>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

test('uncaught errors, console errors and policy violations of a page are faults', async ({ browsers }) => {
  const server = await strictPage()
  const ada = await Person.open('Ada', browsers, { node: server })
  ada.faults.expect(/foreseen|favicon/)
  await ada.page.goto(server.url)
  await ada.page.evaluate(() => {
    console.error('written')
    console.error('foreseen')
    setTimeout(() => {
      throw new Error('thrown')
    })
    document.body.append(Object.assign(document.createElement('img'), { src: 'https://example.org/image.png' }))
  })
  await expect.poll(() => ada.faults.unexpected.length).toBe(3)
  await ada.close()
  const text = ada.faults.unexpected.join('\n')
  for (const part of ['written', 'thrown', 'policy violated: img-src']) expect(text).toContain(part)
  server.close()
})

test('the probe counts pictures and audible sound of one tile', async ({ browsers }) => {
  const server = await strictPage()
  const ada = await Person.open('Ada', browsers, { node: server })
  await ada.page.goto(server.url)
  expect(await ada.tileMedia('Ben')).toEqual({ framesDecoded: 0, width: 0, audioEnergy: 0 })
  await ada.page.evaluate(async () => {
    const [here, there] = [new RTCPeerConnection(), new RTCPeerConnection()]
    here.onicecandidate = ({ candidate }) => void there.addIceCandidate(candidate ?? undefined)
    there.onicecandidate = ({ candidate }) => void here.addIceCandidate(candidate ?? undefined)
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true })
    for (const track of stream.getTracks()) here.addTrack(track, stream)
    const remote = new MediaStream()
    there.ontrack = ({ track }) => remote.addTrack(track)
    await here.setLocalDescription()
    if (here.localDescription) await there.setRemoteDescription(here.localDescription)
    await there.setLocalDescription()
    if (there.localDescription) await here.setRemoteDescription(there.localDescription)
    const video = Object.assign(document.createElement('video'), { muted: true, autoplay: true, srcObject: remote })
    document.querySelector('[role=group]')?.append(video)
    const audio = Object.assign(document.createElement('audio'), { muted: true, autoplay: true, srcObject: remote })
    document.body.append(audio)
  })
  await ada.sees('Ben')
  expect((await ada.tileMedia('Ben')).audioEnergy).toBe(0)
  await ada.page.evaluate(() => Object.assign(document.querySelector('audio') ?? {}, { muted: false }))
  await ada.hears('Ben')
  expect((await ada.page.evaluate(() => window.pigeonProbe.transportSecrets())).length).toBe(6)
  await ada.close()
  server.close()
})

for (const [devices, outcome] of [
  ['allowed', 'audio video'],
  ['denied', 'NotAllowedError'],
  ['no-camera', 'NotFoundError'],
  ['busy-camera', 'NotReadableError'],
] as const)
  test(`a browser with devices ${devices} answers ${outcome}`, async ({ browsers }) => {
    const server = await strictPage()
    const ada = await Person.open('Ada', browsers, { node: server, devices })
    await ada.page.goto(server.url)
    const answer = await ada.page.evaluate(() =>
      navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then(
        (stream) =>
          stream
            .getTracks()
            .map(({ kind }) => kind)
            .sort()
            .join(' '),
        (error: unknown) => (error instanceof DOMException ? error.name : 'another error'),
      ),
    )
    expect(answer).toBe(outcome)
    await ada.close()
    server.close()
  })

test('links are taken apart and broken as meant', () => {
  const secret = Buffer.alloc(32, 7)
  const body = Buffer.concat([
    Buffer.from([1, 0, 0]),
    Buffer.alloc(16, 1),
    secret,
    Buffer.alloc(16, 2),
    Buffer.alloc(4),
  ])
  const link = `http://localhost:1/#/r/${body.toString('base64url')}`
  expect(Buffer.from(secretOf(link))).toEqual(secret)
  expect(Buffer.from(secretOf(wrongSecretLink(link)))).not.toEqual(secret)
  expect(Buffer.from(codeOf(wrongSecretLink(link)), 'base64url').subarray(0, 19)).toEqual(body.subarray(0, 19))
  expect(Buffer.from(codeOf(futureLink(link)), 'base64url')[0]).toBe(3)
  expect(encodings(secret)).toContain('07'.repeat(32))
})
