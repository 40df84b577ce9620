import type { Carrier, CarrierStream } from '../../src/signalling/index.ts'

/** The same carrier; every topic and every frame that it is given or delivers goes into `captured`, as whoever runs the road would see them. */
export function recordedCarrier(carrier: Carrier, captured: Uint8Array[]): Carrier {
  const record = (bytes: Uint8Array): void => {
    captured.push(bytes.slice())
  }
  const recorded = (stream: CarrierStream): CarrierStream => ({
    carrier: stream.carrier,
    topic: stream.topic,
    send: (frame) => {
      record(frame)
      return stream.send(frame)
    },
    listen: (handlers) => {
      stream.listen({
        frame: (frame) => {
          record(frame)
          handlers.frame(frame)
        },
        ended: (end) => {
          handlers.ended(end)
        },
      })
    },
    close: () => {
      stream.close()
    },
  })
  return {
    name: carrier.name,
    get state() {
      return carrier.state
    },
    relayHost: carrier.relayHost,
    on: (event, listener) => carrier.on(event, listener),
    announce: (topic, accept) => {
      record(topic)
      return carrier.announce(topic, (stream) => {
        accept(recorded(stream))
      })
    },
    lookup: (topic, options) => {
      record(topic)
      return carrier.lookup(topic, options)
    },
    dial: async (topic, address, options) => recorded(await carrier.dial(topic, address, options)),
    close: () => {
      carrier.close()
    },
  }
}
