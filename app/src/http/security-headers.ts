/** Features that the page uses, for itself only. */
const usedFeatures = [
  'autoplay',
  'camera',
  'clipboard-write',
  'display-capture',
  'microphone',
  'picture-in-picture',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'screen-wake-lock',
]

/** Features that browsers know by a policy name and this page never uses. */
const unusedFeatures = [
  'accelerometer',
  'clipboard-read',
  'encrypted-media',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'midi',
  'payment',
  'serial',
  'storage-access',
  'sync-xhr',
  'usb',
  'window-management',
  'xr-spatial-tracking',
]

/**
 * Of the frames in which previews are shown, whose origin is opaque, so that no list of origins holds it. The page gives it to those frames alone, by their
 * `allow`, and frames no other origin (`frame-src`).
 */
const framedFeatures = ['fullscreen']

const permissionsPolicy = [
  ...framedFeatures.map((feature) => `${feature}=*`),
  ...usedFeatures.map((feature) => `${feature}=(self)`),
  ...unusedFeatures.map((feature) => `${feature}=()`),
].join(', ')

/** One year: the least that makes HSTS worth sending. */
const hsts = 'max-age=31536000'

export interface HeaderContext {
  /** Sources besides `'self'` that the page may connect to; validated addresses, nothing a request chose freely. */
  readonly connectSources: readonly string[]
  readonly behindTls: boolean
  /** Where the answer is for. */
  readonly path: string
}

/** The workers that hash passphrases, and encrypt and hash files, as the page's build names them. */
const hashWorker = /^\/assets\/(?:argon2id|object)-worker-[\w-]+\.js$/

/**
 * A worker follows the policy of its own script. These may compile WebAssembly, which the page may not, and nothing else: they
 * connect nowhere and load nothing.
 */
const hashWorkerPolicy =
  "default-src 'none'; script-src 'wasm-unsafe-eval'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

/** What previews of files are shown in: pages, each with its script and all with one style (frontend/public, frontend/src/viewers). */
const previewPage = /^\/preview(?:-(?:pdf|film))?\.html$/
const previewParts = /^\/preview(?:-[a-z]+)*\.(?:js|css)$/

/**
 * The frame has an origin that nothing else has, and reaches no network: it shows what the page hands it. Workers, frames, forms, plugins and inline
 * code are off; the one for PDFs starts a worker of which the page hands it the script, and which follows this very policy.
 */
const previewPolicy =
  "sandbox allow-scripts; default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; media-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
const pdfPage = '/preview-pdf.html'

/** Content-Security-Policy: everything is off, then what the page needs is on. No inline code, no eval, no third party. */
function contentSecurityPolicy(connectSources: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    ["connect-src 'self'", ...connectSources].join(' '),
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "worker-src 'self'",
    "frame-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
}

function policyOf(path: string, connectSources: readonly string[]): string {
  if (hashWorker.test(path)) return hashWorkerPolicy
  if (!previewPage.test(path)) return contentSecurityPolicy(connectSources)
  return path === pdfPage ? `${previewPolicy}; worker-src blob:` : previewPolicy
}

/** The headers of every answer, errors included. */
export function securityHeaders({ connectSources, behindTls, path }: HeaderContext): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': policyOf(path, connectSources),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    // The preview has an origin of its own, to which its script and its style are another's.
    'Cross-Origin-Resource-Policy': previewParts.test(path) ? 'cross-origin' : 'same-origin',
    'Permissions-Policy': permissionsPolicy,
    ...(behindTls ? { 'Strict-Transport-Security': hsts } : {}),
  }
}
