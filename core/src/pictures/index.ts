/**
 * Purpose. What pictures tell besides what they show: camera, place, time, author, editor. Finds it and leaves it out.
 * Promises. What a file is its bytes say, not its name. Nothing of the image itself is touched; a file is read by pieces, however large; what is broken is left as it is from there on.
 * Does not. Decode images; look into films, HEIC, AVIF, GIF and PDF, which may tell as much.
 * May import. bytes.
 *
 * ```ts
 * const edits = await readDetails(body)
 * const clean = edits.length === 0 ? body : withoutDetails(body, edits)
 * ```
 */
export type { PictureBody } from './body.ts'
export { detailsIn, readDetails, type SaidFile } from './details.ts'
export { withoutDetails, type Edit } from './edit.ts'
