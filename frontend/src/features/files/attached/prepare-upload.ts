import type { UploadFile } from '@p2pigeon/core/files'
import { detailsIn } from '@p2pigeon/core/pictures'
import { Fault } from '../../../session/index.ts'
import { uploadFileOf } from '../dropped.ts'
import { withoutDetails } from '../details.ts'

/**
 * A file of this device as it is uploaded. In a room that hides addresses nobody is asked between two messages: what pictures tell of camera and place
 * stays here.
 * @throws {Fault} `file-unreadable` for a folder, and for what the browser may not read: it is not uploaded as it is.
 */
export async function prepareUpload(file: File, hidesDetails: boolean): Promise<UploadFile> {
  const upload = uploadFileOf(file)
  try {
    await upload.body.slice(0, 1)
    return hidesDetails ? await withoutDetails(upload) : upload
  } catch (error) {
    throw new Fault('file-unreadable', { cause: error })
  }
}

/** What becomes of what a file tells besides what it shows, when it goes with a message: by its bytes. `unknown` where they cannot be read. */
export async function detailsOf(file: File): Promise<'cleanable' | 'unread' | 'none' | 'unknown'> {
  return detailsIn(uploadFileOf(file)).catch(() => 'unknown' as const)
}
