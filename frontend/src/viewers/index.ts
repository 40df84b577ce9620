/**
 * Purpose. What runs inside the frames of previews, and how the page and a frame talk.
 * Promises. A frame has an origin of its own, no network and no storage; it sees bytes of one file, and asks the page for them in ranges.
 * Does not. Know keys, rooms or nodes.
 * May import. pdfjs-dist and mediabunny, in the frames' own scripts alone (vite.config.ts builds one of each).
 */
export {
  maxAskBytes,
  maxAsks,
  type Answer,
  type Ask,
  type FrameWord,
  type Handed,
  type ViewerWords,
} from './protocol.ts'
