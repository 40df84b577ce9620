import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it, vi } from 'vitest'
import type { AttachmentView } from '../../../session/index.ts'
import { FakeFiles } from '../../../session/testing/index.ts'
import { Store, type Loaded } from '../../../state/index.ts'
import type { FilesFeature } from '../files-feature.ts'
import { Tray } from './Attached.tsx'
import { Attachments } from './attachments.ts'

function trayOf(feature: Loaded<FilesFeature>): string {
  const attachments = new Attachments({
    files: { state: new Store({ kind: 'open', files: new FakeFiles() }), open: () => undefined },
    folder: 'Chat',
    prepare: () => Promise.reject(new TypeError('not loaded')),
    send: () => true,
    tooMany: () => undefined,
  })
  attachments.stage([new File(['x'], 'plan.txt')])
  const state = attachments.state.get()
  return renderToStaticMarkup(
    <Tray attachments={attachments} hidesDetails={false} state={state} feature={feature} cancel={() => undefined} />,
  )
}

it('shows what is attached, and lets it be left out, before what shows files is loaded', () => {
  const shown = trayOf({ kind: 'loading' })
  expect(shown).toContain('plan')
  expect(shown).toContain('aria-label="Leave out plan.txt"')
  expect(shown).not.toContain('Try again')
})

it('does so as well where that does not load, and offers to try again', () => {
  const shown = trayOf({ kind: 'failed', again: () => undefined })
  expect(shown).toContain('aria-label="Leave out plan.txt"')
  expect(shown).toContain('role="alert"')
  expect(shown).toContain('Try again')
})

it('gives way to the feature once that is loaded', () => {
  const AttachmentTray = vi.fn(({ attached }: { readonly attached: readonly AttachmentView[] }) => attached[0]?.name)
  const value = { AttachmentTray } as unknown as FilesFeature
  expect(trayOf({ kind: 'loaded', value })).toBe('plan.txt')
})
