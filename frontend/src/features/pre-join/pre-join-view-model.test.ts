import { describe, expect, test } from 'vitest'
import type { LocalMediaSnapshot } from '../../session/index.ts'
import { deviceProblem } from './pre-join-view-model.ts'

const fine: LocalMediaSnapshot = {
  phase: 'open',
  media: { microphone: 'on', camera: 'on', screen: 'off' },
  stream: undefined,
  screenStream: undefined,
  microphoneFault: undefined,
  cameraFault: undefined,
}

describe('what stands in the way', () => {
  test('is nothing when devices work', () => {
    expect(deviceProblem(fine)).toBeUndefined()
  })

  test.each(['media-denied', 'media-missing', 'media-busy', 'media-unsupported', 'unheard-of'])(
    'names the device for %s',
    (code) => {
      const camera = deviceProblem({ ...fine, cameraFault: code })
      expect(camera).toMatchObject({ device: 'camera' })
      expect(camera?.title).toContain('camera')
      expect(deviceProblem({ ...fine, microphoneFault: code })?.title).toContain('microphone')
    },
  )

  test.each(['media-denied', 'media-missing', 'media-unsupported'])('is one line for both with %s', (code) => {
    const both = deviceProblem({ ...fine, cameraFault: code, microphoneFault: code })
    expect(both?.device).toBe('both')
    expect(both?.title.toLowerCase()).toContain('camera')
    expect(both?.title.toLowerCase()).toContain('microphone')
  })

  test('tells two different faults apart', () => {
    const both = deviceProblem({ ...fine, cameraFault: 'media-busy', microphoneFault: 'media-denied' })
    expect(both?.title).toBe('The microphone is blocked. The camera is in use')
  })
})
