import { lazy, Suspense } from 'react'
import { useReadable } from '../../state/index.ts'
import { AddDialog } from './AddDialog.tsx'
import { CardDialog } from './CardDialog.tsx'
import { ChangeDialog } from './ChangeDialog.tsx'
import { CompareDialog } from './CompareDialog.tsx'
import type { ContactsViewModel, Dialog } from './contacts-view-model.ts'
import { LinkDialog } from './LinkDialog.tsx'
import { RenameDialog } from './RenameDialog.tsx'
import { RemoveRosterDialog } from './RemoveRosterDialog.tsx'

const loadFiles = () => import('./files/index.ts')
const ExportDialog = lazy(() => loadFiles().then(({ ExportDialog: view }) => ({ default: view })))
const ImportDialog = lazy(() => loadFiles().then(({ ImportDialog: view }) => ({ default: view })))
const RosterDialog = lazy(() => loadFiles().then(({ RosterDialog: view }) => ({ default: view })))

/** The one dialog that is open, if any. */
export function DialogHost({ model }: { readonly model: ContactsViewModel }) {
  const dialog = useReadable(model.dialog)
  const book = useReadable(model.people.contacts.book)
  if (!dialog) return null
  return <Suspense fallback={null}>{shown(dialog)}</Suspense>

  function shown(open: Dialog) {
    switch (open.kind) {
      case 'card':
        return <CardDialog model={model} />
      case 'add':
        return <AddDialog model={model} code={open.code} />
      case 'compare':
      case 'change':
      case 'rename': {
        const contact = book.contacts.find(({ id }) => id === open.id)
        if (!contact) return null
        if (open.kind === 'compare') return <CompareDialog key={contact.id} model={model} contact={contact} />
        if (open.kind === 'change') return <ChangeDialog key={contact.id} model={model} contact={contact} />
        return <RenameDialog key={contact.id} model={model} contact={contact} />
      }
      case 'link':
        return <LinkDialog model={model} link={open.link} />
      case 'export':
        return <ExportDialog model={model} />
      case 'import':
        return <ImportDialog model={model} />
      case 'roster':
        return <RosterDialog model={model} />
      case 'removeRoster':
        return <RemoveRosterDialog model={model} roster={open.roster} />
    }
  }
}
