/**
 * Purpose. Bundles pages, drives two browsers, and takes one trial's figures.
 * Promises. What it starts it ends; a trial that cannot be made is a `BenchFault` with the page's own words.
 * Does not. Judge figures or choose the order of trials.
 * May import. page (types, fault), servers (types).
 */
export { bundle, bundleText, type ContenderBundle } from './bundle.ts'
export { launchPair, type BrowserPair } from './browsers.ts'
export { firstLoadBytes } from './first-load.ts'
export { callTrial, channelTrial, invitation, type CallFigures, type ChannelFigures, type Contender } from './trial.ts'
