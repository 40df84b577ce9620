import { describe, expect, it, vi } from 'vitest'
import { Store } from '../../state/index.ts'
import type { CallState } from '../call.ts'
import { Fault } from '../fault.ts'
import { FakeFiles, FakeRoom } from '../testing/index.ts'
import { FilesLoader } from './files-loader.ts'

const inRoom = (roomId = 'room'): CallState => ({ kind: 'in-room', roomId, room: new FakeRoom(roomId, 'code') })

function loaderOf(state: CallState, isUsed = false) {
  const call = new Store<CallState>(state)
  const open = vi.fn((_room: unknown, _signal: AbortSignal) => Promise.resolve(new FakeFiles()))
  return { call, open, loader: new FilesLoader({ call, open, isUsed: () => Promise.resolve(isUsed) }) }
}

describe('files of the room that this tab is in', () => {
  it('are opened once, when they are wanted, and end with the room', async () => {
    const { call, open, loader } = loaderOf(inRoom())
    expect(loader.state.get()).toEqual({ kind: 'closed' })
    loader.open()
    loader.open()
    expect(loader.state.get()).toEqual({ kind: 'opening' })
    await vi.waitFor(() => expect(loader.state.get().kind).toBe('open'))
    loader.open()
    expect(open).toHaveBeenCalledTimes(1)
    call.set({ kind: 'ended', roomId: 'room', reason: 'left' })
    expect(loader.state.get()).toEqual({ kind: 'closed' })
    expect(open.mock.calls[0]?.[1].aborted).toBe(true)
  })

  it('are those of another room when that is entered', async () => {
    const { call, open, loader } = loaderOf(inRoom())
    loader.open()
    call.set(inRoom('other'))
    expect(loader.state.get()).toEqual({ kind: 'closed' })
    loader.open()
    await vi.waitFor(() => expect(loader.state.get().kind).toBe('open'))
    expect(open).toHaveBeenCalledTimes(2)
    expect(open.mock.calls.map(([, signal]) => signal.aborted)).toEqual([true, false])
  })

  it('that cannot be opened say why, and are tried again', async () => {
    const { open, loader } = loaderOf(inRoom())
    open.mockRejectedValueOnce(new Fault('storage-unavailable'))
    loader.open()
    await vi.waitFor(() => expect(loader.state.get()).toEqual({ kind: 'failed', code: 'storage-unavailable' }))
    loader.open()
    await vi.waitFor(() => expect(loader.state.get().kind).toBe('open'))
  })

  it('are opened unasked where this device knows of some, once for each visit, and not after the room was left', async () => {
    const { call, open, loader } = loaderOf({ kind: 'idle' }, true)
    call.set(inRoom())
    await vi.waitFor(() => expect(loader.state.get().kind).toBe('open'))
    call.set({ kind: 'ended', roomId: 'room', reason: 'left' })
    expect(loader.state.get()).toEqual({ kind: 'closed' })
    call.set(inRoom())
    call.set({ kind: 'ended', roomId: 'room', reason: 'left' })
    await Promise.resolve()
    expect(loader.state.get()).toEqual({ kind: 'closed' })
    expect(open).toHaveBeenCalledTimes(1)
  })

  it('are not opened outside of a room', () => {
    const { open, loader } = loaderOf({ kind: 'idle' })
    loader.open()
    expect(open).not.toHaveBeenCalled()
  })
})
