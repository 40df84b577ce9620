/**
 * Purpose. Files on their way, each with its progress; what goes up and can go on after a reload.
 * Promises. A few run at a time; nothing that a node keeps is sent again; no key ever seals two contents.
 * Does not. Know folders or journals.
 * May import. files/objects, files/client/work, errors, lifetime, runtime.
 */
export { Transfers, type Job } from './transfers.ts'
export { upload, type KeptUpload, type UploadMemory } from './upload.ts'
