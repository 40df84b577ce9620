// The one script of the preview frame. The frame has no origin, no network and no storage; bytes come by message, once.
const tags = { image: 'img', audio: 'audio', video: 'video' }

addEventListener(
  'message',
  ({ data, source }) => {
    if (source !== parent || !Object.hasOwn(tags, data.kind)) return
    const shown = document.createElement(tags[data.kind])
    if (data.kind === 'image') shown.alt = data.name
    else {
      shown.controls = true
      shown.setAttribute('aria-label', data.name)
    }
    for (const name of ['load', 'loadeddata']) shown.addEventListener(name, () => parent.postMessage('shown', '*'))
    shown.addEventListener('error', () => parent.postMessage('failed', '*'))
    shown.src = URL.createObjectURL(data.blob)
    document.body.replaceChildren(shown)
  },
  { once: true },
)
parent.postMessage('ready', '*')
