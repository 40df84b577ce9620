import { Component, type ReactNode } from 'react'
import { Button, MessagePage } from '../ui/index.ts'
import { text } from '../text/index.ts'

interface State {
  readonly crashed: boolean
}

/** Shows a way on when a page of ours breaks. The fault itself goes to the console only. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { crashed: false }

  static getDerivedStateFromError(): State {
    return { crashed: true }
  }

  override render(): ReactNode {
    if (!this.state.crashed) return this.props.children
    return (
      <MessagePage
        title={text.crash.title}
        actions={
          <Button tone="primary" onClick={() => location.reload()}>
            {text.crash.reload}
          </Button>
        }
      >
        {text.crash.body}
      </MessagePage>
    )
  }
}
