import { codeOf, encodings, expect, secretOf, test } from '../harness/index.ts'

test('an observer on the relay finds no text, no name, no secret and nothing of WebRTC', async ({
  openPerson,
  node,
  recordRelay,
}) => {
  const relay = await recordRelay(node)
  const ada = await openPerson('Ada Lovelace-Byron', { node: relay })
  const link = await ada.newRoom()
  const ben = await openPerson('Benedict Observable', { node: relay })
  await ben.joinByLink(link)
  await ada.sees('Benedict Observable')
  await ben.hears('Ada Lovelace-Byron')
  await ada.say('meet me at the northern lighthouse')
  await ben.say('bring the copper lantern')
  await ada.leave()
  await ben.seesNobodyBut()

  // the observer did sit on the way
  expect(relay.carried('toRelay')).toBeGreaterThan(1_000)
  expect(relay.carried('toPage')).toBeGreaterThan(1_000)
  expect(relay.saw('GET /node.json')).toBe(true)

  const transport = [
    ...(await ben.page.evaluate(() => window.pigeonProbe.transportSecrets())),
    ...(await ada.page.evaluate(() => window.pigeonProbe.transportSecrets())),
  ]
  expect(transport.length).toBeGreaterThan(5)
  const fingerprints = transport
    .filter((text) => text.includes(':'))
    .map((text) => Buffer.from(text.replaceAll(':', ''), 'hex'))
  expect(fingerprints.length).toBeGreaterThan(1)

  const code = codeOf(link)
  const forbidden: (string | Uint8Array)[] = [
    ...['meet me at the northern lighthouse', 'northern lighthouse', 'bring the copper lantern'],
    ...['Lovelace-Byron', 'Benedict Observable'],
    ...[code, code.slice(0, 40), code.slice(-40), '#/r/'],
    ...encodings(secretOf(link)),
    ...['a=fingerprint', 'a=ice-', 'candidate:', 'v=0\r\n', 'm=audio', 'm=application', 'IN IP4', 'typ host', '.local'],
    ...transport,
    ...fingerprints,
  ]
  for (const needle of forbidden)
    expect(
      relay.saw(needle),
      `the observer saw ${typeof needle === 'string' ? needle : Buffer.from(needle).toString('hex')}`,
    ).toBe(false)
})

test('the page keeps to a policy that allows no inline code, no eval and nothing foreign to be shown or run', async ({
  openPerson,
  node,
}) => {
  const ada = await openPerson('Ada')
  ada.faults.expect(/Trusted|Content Security Policy|policy violated/i)
  const response = await ada.page.goto(`${node.url}/`)
  const policy = (response?.headers()['content-security-policy'] ?? '').split('; ')
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self'")
  // A page on one's own machine reaches relays there, whatever their port; nothing else is left open.
  expect(policy.join(' ').replaceAll(/ws:\/\/(localhost|127\.0\.0\.1):\*/g, '')).not.toMatch(/unsafe|\*/)
  expect(response?.headers()).toMatchObject({ 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' })

  const outcome = await ada.page.evaluate(async () => {
    const blocked = new Set<string>()
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, disposition }) => {
      if (disposition === 'enforce') blocked.add(effectiveDirective)
    })
    const inline = document.createElement('script')
    try {
      inline.textContent = 'window.inlineRan = true'
    } catch {
      // trusted types refuse it even sooner
    }
    document.body.append(inline)
    for (const name of ['img', 'iframe', 'audio'] as const) {
      document.body.append(Object.assign(document.createElement(name), { src: 'https://example.org/' }))
    }
    const fetched = await fetch('http://example.org/').then(
      () => 'fetched',
      () => 'refused',
    )
    const all = ['img-src', 'frame-src', 'media-src', 'connect-src']
    while (!all.every((one) => blocked.has(one))) await new Promise(requestAnimationFrame)
    return { inline: 'inlineRan' in window, fetched }
  })
  expect(outcome).toEqual({ inline: false, fetched: 'refused' })
})

test('the address keeps nothing of the link once the room is open', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { camera: false })
  const code = codeOf(await ada.newRoom())
  expect(ada.page.url()).not.toContain(code)
  const ben = await openPerson('Ben', { camera: false })
  await ben.joinByLink(`${ben.url}/#/r/${code}`)
  expect(ben.page.url()).not.toContain(code)
  expect(await ben.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(code)
})
