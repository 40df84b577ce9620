import type { UploadFile } from '@p2pigeon/core/files'
import { readDetails, withoutDetails as bodyWithout } from '@p2pigeon/core/pictures'

/** Those of the files that carry details of the camera, the place, the author. What cannot be read is met by whoever uploads it. */
export async function filesThatTell(files: readonly UploadFile[]): Promise<ReadonlySet<UploadFile>> {
  const found = new Set<UploadFile>()
  for (const file of files) if ((await readDetails(file.body).catch(() => [])).length > 0) found.add(file)
  return found
}

/** The same picture without them: nothing of the image itself is touched. */
export async function withoutDetails(file: UploadFile): Promise<UploadFile> {
  const edits = await readDetails(file.body)
  return edits.length === 0 ? file : { ...file, body: bodyWithout(file.body, edits) }
}
