/*
 * Runs on a computer of the lab and does what its standard input says, a line of JSON each: opens UDP sockets, sends
 * datagrams, listens and connects by TCP. It tells what happens, a line of JSON each, and ends with its input.
 */
import { createSocket } from 'node:dgram'
import { createConnection, createServer } from 'node:net'
import { createInterface } from 'node:readline'

const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`)
const sockets = new Map()

const doings = {
  bind({ id, address, port, echo }) {
    const socket = createSocket('udp4')
    sockets.set(id, socket)
    socket.on('message', (datagram, from) => {
      if (echo) socket.send(JSON.stringify({ echo: datagram.toString(), seen: from }), from.port, from.address)
      else tell({ type: 'datagram', id, text: datagram.toString(), from: from.address, port: from.port })
    })
    socket.on('error', () => undefined)
    socket.bind(port, address, () => tell({ type: 'bound', id, port: socket.address().port }))
  },
  send({ id, address, port, base64 }) {
    sockets.get(id)?.send(Buffer.from(base64, 'base64'), port, address, () => undefined)
  },
  listen({ id, address, port }) {
    const server = createServer((connection) => {
      connection.on('error', () => undefined)
      connection.end(JSON.stringify({ seen: { address: connection.remoteAddress, port: connection.remotePort } }))
    })
    server.listen(port, address, () => tell({ type: 'bound', id, port: server.address().port }))
  },
  connect({ id, address, port }) {
    const connection = createConnection({ host: address, port })
    connection.on('data', (part) => tell({ type: 'datagram', id, text: part.toString(), from: address, port }))
    connection.on('error', () => undefined)
  },
}

const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  const { do: name, ...rest } = JSON.parse(line)
  doings[name](rest)
})
lines.on('close', () => process.exit(0))
tell({ type: 'ready' })
