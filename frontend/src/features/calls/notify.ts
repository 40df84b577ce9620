import type { Undo } from '../../state/index.ts'

/** One notification of calls at a time: a second one takes the place of the first. */
const tag = 'p2pigeon-call'

/** Shows a call outside of a page that nobody sees. Does nothing where the user has not allowed it. */
export function notify(title: string, body: string): Undo {
  if (!document.hidden || typeof Notification === 'undefined' || Notification.permission !== 'granted') {
    return () => undefined
  }
  try {
    const notification = new Notification(title, { body, tag, requireInteraction: true })
    notification.addEventListener('click', () => {
      window.focus()
      notification.close()
    })
    return () => notification.close()
  } catch {
    // Browsers of phones show notifications of service workers only.
    return () => undefined
  }
}
