import fileName from './file-name.mjs'
import folderHeader from './folder-header.mjs'
import onlyThroughIndex from './only-through-index.mjs'

/** Rules of this repository. */
export default {
  rules: { 'file-name': fileName, 'folder-header': folderHeader, 'only-through-index': onlyThroughIndex },
}
