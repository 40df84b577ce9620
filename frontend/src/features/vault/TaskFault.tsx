import { useReadable, type Readable } from '../../state/index.ts'
import { Banner } from '../../ui/index.ts'
import type { TaskState } from './task.ts'

/** Why something did not work, once that is known. */
export function TaskFault({ task }: { readonly task: Readable<TaskState> }) {
  const { fault } = useReadable(task)
  if (!fault) return null
  return (
    <div role="alert" className="mt-4">
      <Banner tone="fault" title={fault.title}>
        {fault.body}
      </Banner>
    </div>
  )
}
