/** Files and folders that were dropped. Call it within the event: the browser forgets the items after it. */
export function droppedEntries(items: DataTransferItemList): readonly FileSystemEntry[] {
  return [...items].flatMap((item) => (item.kind === 'file' ? (item.webkitGetAsEntry() ?? []) : []))
}
