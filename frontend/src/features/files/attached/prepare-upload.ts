import type { UploadFile } from '@p2pigeon/core/files'
import { Fault } from '../../../session/index.ts'
import { uploadFileOf } from '../dropped.ts'
import { filesThatTell, withoutDetails } from '../details.ts'

/**
 * A file of this device as it is uploaded. In a room that hides addresses nobody is asked between two messages: what pictures tell of camera and place
 * stays here.
 * @throws {Fault} `file-unreadable` for a folder, and for what the browser may not read.
 */
export async function prepareUpload(file: File, hidesDetails: boolean): Promise<UploadFile> {
  const upload = uploadFileOf(file)
  try {
    await upload.body.slice(0, 1)
    const telling = hidesDetails ? await filesThatTell([upload]) : new Set()
    return telling.has(upload) ? await withoutDetails(upload) : upload
  } catch (error) {
    throw new Fault('file-unreadable', { cause: error })
  }
}
