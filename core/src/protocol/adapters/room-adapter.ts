import type { MeshRoom } from '../../room/index.ts'
import { Roads, type Carrier } from '../../signalling/index.ts'
import type { ProtocolAdapter, ProtocolName } from '../api.ts'
import type { Rooms } from '../rooms.ts'

/** What all adapters have in common: rooms by one road alone. The road is all in which they differ. */
export abstract class RoomAdapter implements ProtocolAdapter {
  abstract readonly name: ProtocolName
  readonly carrier: Carrier
  readonly #rooms: Rooms
  readonly #roads: Roads

  constructor(rooms: Rooms, carrier: Carrier) {
    this.carrier = carrier
    this.#rooms = rooms
    this.#roads = new Roads([carrier])
  }

  joinRoom(link: string): Promise<MeshRoom> {
    return this.#rooms.open(link, this.#roads)
  }

  close(): void {
    this.#roads.close()
  }
}
