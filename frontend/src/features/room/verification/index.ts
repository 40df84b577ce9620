/**
 * Purpose. Emoji that people read aloud to know that nobody stands between them.
 * Promises. What is shown is what core's comparison says now; what was confirmed counts until it changes.
 * Does not. Decide whom to trust.
 * May import. @p2pigeon/core (types), ui, text, react, lucide-react.
 */
export { alarmsOf, type Alarm } from './alarms.ts'
export { codeOf, isCompared, noMarks, pairCodeOf, verdictOn, type Marks, type Verdict } from './marks.ts'
export { PairCode } from './PairCode.tsx'
export { VerifyButton } from './VerifyButton.tsx'
export { PairMark, VerifyPanel } from './VerifyPanel.tsx'
