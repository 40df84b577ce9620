import type { UploadFile } from '@p2pigeon/core/files'
import { detailsIn, readDetails, withoutDetails as bodyWithout } from '@p2pigeon/core/pictures'

/** What files tell besides what they show. */
export interface Telling {
  /** Those that carry details of the camera, the place, the author, which can be taken out. */
  readonly telling: ReadonlySet<UploadFile>
  /** How many may tell as much, and are not looked into. */
  readonly unread: number
}

/** Rejects where one of them cannot be read: what was not looked at does not pass for something that tells nothing. */
export async function lookThrough(files: readonly UploadFile[]): Promise<Telling> {
  const telling = new Set<UploadFile>()
  let unread = 0
  for (const file of files) {
    const details = await detailsIn(file)
    if (details === 'unread') unread += 1
    if (details === 'cleanable' && (await readDetails(file.body)).length > 0) telling.add(file)
  }
  return { telling, unread }
}

/** The same picture without them: nothing of the image itself is touched. Rejects where it cannot be read. */
export async function withoutDetails(file: UploadFile): Promise<UploadFile> {
  const edits = await readDetails(file.body)
  return edits.length === 0 ? file : { ...file, body: bodyWithout(file.body, edits) }
}
