import { lazy, Suspense } from 'react'
import {
  Ban,
  BadgeCheck,
  CircleAlert,
  CircleHelp,
  EllipsisVertical,
  Fingerprint,
  Link2,
  MessageSquare,
  Pencil,
  Phone,
  ShieldOff,
  Trash2,
  Undo2,
  Video,
} from 'lucide-react'
import { Avatar, Button, cx, IconButton } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import type { ContactRow, ContactsViewModel } from './contacts-view-model.ts'
import type { TrustLine } from './contact-words.ts'

const ActionMenu = lazy(() => import('../../ui/overlays/index.ts').then(({ ActionMenu: menu }) => ({ default: menu })))

/** One contact: who, how sure that is, and what can be done. */
export function ContactItem({ row, model }: { readonly row: ContactRow; readonly model: ContactsViewModel }) {
  const { id, name, contact } = row
  const trigger = (
    <IconButton label={words.actions.more(name)}>
      <EllipsisVertical size={20} aria-hidden />
    </IconButton>
  )
  const isCompared = contact.checked.how !== 'none'
  return (
    <li
      className={cx(
        'flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2.5 sm:px-4',
        contact.change && !contact.blocked && 'bg-danger-soft first:rounded-t-card last:rounded-b-card',
      )}
    >
      <Avatar name={name} seed={id} className={cx('size-11 text-[0.875rem]', contact.blocked && 'opacity-50')} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          <bdi>{name}</bdi>
        </p>
        <Trust line={row.trust} />
      </div>
      <div className="flex shrink-0 items-center">
        {contact.record?.nostrPublicKey && !contact.blocked && (
          <IconButton hint label={words.actions.write(name)} onClick={() => void model.write(id)}>
            <MessageSquare size={20} aria-hidden />
          </IconButton>
        )}
        {row.callable && (
          <>
            <IconButton hint label={words.actions.call(name)} onClick={() => void model.call(id, false)}>
              <Phone size={20} aria-hidden />
            </IconButton>
            <IconButton
              hint
              label={words.actions.video(name)}
              className="max-sm:hidden"
              onClick={() => void model.call(id, true)}
            >
              <Video size={20} aria-hidden />
            </IconButton>
          </>
        )}
        {contact.change && !contact.blocked && (
          <Button size="small" tone="danger" onClick={() => model.open({ kind: 'change', id })}>
            {words.change.look}
          </Button>
        )}
        <Suspense fallback={trigger}>
          <ActionMenu
            trigger={trigger}
            actions={[
              ...(row.callable
                ? [
                    {
                      id: 'video',
                      label: words.actions.videoShort,
                      icon: <Video size={18} />,
                      run: () => void model.call(id, true),
                    },
                  ]
                : []),
              ...(contact.record
                ? [
                    {
                      id: 'compare',
                      label: words.actions.compare,
                      icon: <Fingerprint size={18} />,
                      run: () => model.open({ kind: 'compare', id }),
                    },
                    {
                      id: 'link',
                      label: words.actions.copyLink,
                      icon: <Link2 size={18} />,
                      run: () => void model.copyLink(id),
                    },
                  ]
                : []),
              {
                id: 'rename',
                label: words.actions.rename,
                icon: <Pencil size={18} />,
                run: () => model.open({ kind: 'rename', id }),
              },
              ...(isCompared
                ? [
                    {
                      id: 'unverify',
                      label: words.actions.unverify,
                      icon: <Undo2 size={18} />,
                      run: () => void model.unverify(id),
                    },
                  ]
                : []),
              contact.blocked
                ? {
                    id: 'unblock',
                    label: words.actions.unblock,
                    icon: <ShieldOff size={18} />,
                    run: () => void model.block(id, false),
                  }
                : {
                    id: 'block',
                    label: words.actions.block,
                    icon: <Ban size={18} />,
                    danger: true,
                    run: () => void model.block(id, true),
                  },
              {
                id: 'remove',
                label: words.actions.remove,
                icon: <Trash2 size={18} />,
                danger: true,
                run: () => void model.remove(id),
              },
            ]}
          />
        </Suspense>
      </div>
    </li>
  )
}

const looks: Readonly<Record<TrustLine['look'], string>> = {
  good: 'text-good',
  plain: 'text-faint',
  warn: 'text-warn-ink',
  danger: 'font-medium text-danger-ink',
}

function Trust({ line }: { readonly line: TrustLine }) {
  const Icon =
    line.look === 'good' ? BadgeCheck : line.look === 'danger' ? CircleAlert : line.look === 'warn' ? CircleHelp : Ban
  return (
    <p className={cx('flex items-start gap-1.5 text-[0.8125rem]', looks[line.look])}>
      <Icon size={15} aria-hidden className="mt-0.5 shrink-0" />
      <span className="min-w-0">{line.words}</span>
    </p>
  )
}
