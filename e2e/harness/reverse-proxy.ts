import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Service } from './relay-recorder.ts'

/** Names of the page and of the TURN server, both of the one address; browsers learn of them by `resolverRule`. */
const pageName = 'pigeon.example.test'
// relayed addresses lie on loopback here, which pages accept only of a TURN server whose name says so
const turnName = 'localhost'

/** What `--host-resolver-rules` of Chromium takes: these two names lead here, and no other name leads anywhere. */
export const resolverRule = `MAP ${pageName} 127.0.0.1,MAP ${turnName} 127.0.0.1,MAP * ~NOTFOUND,EXCLUDE 127.0.0.1`

/** Where Debian, Alpine and Fedora keep the module that sorts TCP connections by the name in their TLS handshake. */
const streamModules = ['/usr/lib/nginx/modules/ngx_stream_module.so', '/usr/lib64/nginx/modules/ngx_stream_module.so']
const deploymentGuide = fileURLToPath(new URL('../../docs/deployment.md', import.meta.url))
/** The server of the page stands behind the one that sorts by names, which tells it who the client is. */
const clientFromStream = 'set_real_ip_from unix:; real_ip_header proxy_protocol;'
const patienceMs = 10_000

export interface Upstreams {
  readonly node: { readonly port: number }
  /** Services that the proxy answers 403, as a filter of a company does. */
  readonly refused?: readonly Service[]
  /** Port of a TURN server, TCP and without TLS, that shares the proxy's port under a name of its own. */
  readonly turnPort?: number
}

/**
 * A real nginx, as a process of its own, that ends TLS on one port with a self-made certificate. The server is the one
 * that docs/deployment.md shows, so that the page is tested with what people copy.
 */
export class ReverseProxy {
  readonly port: number
  readonly #folder: string
  #process: ChildProcess | undefined

  private constructor(folder: string, port: number) {
    this.#folder = folder
    this.port = port
  }

  /** Why there can be no proxy on this machine, in words for a skipped test; `undefined` when there can. */
  static missing({ stream = false } = {}): string | undefined {
    if (!runs('nginx', '-v')) return 'needs nginx (Debian: nginx-light)'
    if (!runs('openssl', 'version')) return 'needs openssl for the certificate'
    if (stream && streamModule() === undefined) return "needs nginx's stream module (Debian: libnginx-mod-stream)"
    return undefined
  }

  /** Takes a free port and makes the certificate; nothing listens before `start`, because the node must know the port first. */
  static async prepare(): Promise<ReverseProxy> {
    const folder = await mkdtemp(join(tmpdir(), 'pigeon-nginx-'))
    const proxy = new ReverseProxy(folder, await freePort())
    try {
      proxy.#makeCertificate()
      return proxy
    } catch (error) {
      await proxy.dispose()
      throw error
    }
  }

  /** Where the page is, without a trailing slash. */
  get url(): string {
    return `https://${pageName}:${String(this.port)}`
  }

  /** The TURN server that `start` was told of, over TLS on the same port. */
  get turnUrl(): string {
    return `turns:${turnName}:${String(this.port)}?transport=tcp`
  }

  /** What a node behind this proxy must be told. */
  get environment(): Readonly<Record<string, string>> {
    return { PIGEON_ORIGINS: this.url, PIGEON_TRUSTED_PROXIES: '127.0.0.1' }
  }

  /** @throws {Error} with the words of nginx, when it does not come up. */
  async start(upstreams: Upstreams): Promise<void> {
    const file = join(this.#folder, 'nginx.conf')
    await writeFile(file, await this.#configuration(upstreams))
    const child = spawn('nginx', ['-p', this.#folder, '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#process = child
    let said = ''
    child.stderr.on('data', (words: Buffer) => (said += words.toString()))
    const deadline = Date.now() + patienceMs
    while (!(await answers(this.port))) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`nginx did not come up. It said:\n${said}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** Requests that have ended so far: status, path, and the client that the node was told of, as in `403 /dht 127.0.0.1`. */
  async answered(): Promise<readonly string[]> {
    return (await readFile(join(this.#folder, 'access.log'), 'utf8')).split('\n').filter(Boolean)
  }

  async dispose(): Promise<void> {
    const child = this.#process
    if (child?.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    }
    await rm(this.#folder, { recursive: true, force: true })
  }

  #makeCertificate(): void {
    const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1'.split(' ')
    const names = ['-subj', `/CN=${pageName}`, '-addext', `subjectAltName=DNS:${pageName},DNS:${turnName}`]
    const files = ['-keyout', this.#path('key.pem'), '-out', this.#path('cert.pem')]
    execFileSync('openssl', [...request, ...names, ...files], { stdio: 'ignore' })
  }

  #path(name: string): string {
    return join(this.#folder, name)
  }

  async #configuration({ node, refused = [], turnPort }: Upstreams): Promise<string> {
    const listen =
      turnPort === undefined ? `127.0.0.1:${String(this.port)}` : `unix:${this.#path('page.sock')} proxy_protocol`
    const refusals = refused.map((service) => `location = /${service} { return 403; }`).join('\n  ')
    const server = (await shownServer())
      .replace('listen 443 ssl', `listen ${listen} ssl`)
      .replace(
        'pigeon.example.org;',
        `${pageName};\n  ${turnPort === undefined ? '' : clientFromStream}\n  ${refusals}`,
      )
      .replace(/\/etc\/letsencrypt\S+fullchain\.pem/, this.#path('cert.pem'))
      .replace(/\/etc\/letsencrypt\S+privkey\.pem/, this.#path('key.pem'))
      .replace('access_log off;', `access_log ${this.#path('access.log')} road;`)
      .replace('127.0.0.1:3060', `127.0.0.1:${String(node.port)}`)
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    return [
      ...(turnPort === undefined ? [] : [`load_module ${streamModule() ?? ''};`]),
      `daemon off; worker_processes 1; pid ${this.#path('pid')}; error_log stderr error;`,
      // the workers of a nginx that root started must reach into the folder as well
      ...(process.getuid?.() === 0 ? [`user ${userInfo().username};`] : []),
      'events { worker_connections 1024; }',
      'http {',
      "log_format road '$status $uri $proxy_add_x_forwarded_for';",
      ...temporary.map((kind) => `${kind}_temp_path ${this.#path(kind)};`),
      server,
      '}',
      ...(turnPort === undefined ? [] : [this.#stream(turnPort)]),
    ].join('\n')
  }

  /** Connections for the TURN server's name leave TLS here; those for the page go on to the server above as they are. */
  #stream(turnPort: number): string {
    const turn = this.#path('turn.sock')
    return `stream {
  map $ssl_preread_server_name $behind { ${turnName} unix:${turn}; default unix:${this.#path('page.sock')}; }
  server { listen 127.0.0.1:${String(this.port)}; ssl_preread on; proxy_pass $behind; proxy_protocol on; }
  server {
    listen unix:${turn} ssl proxy_protocol;
    ssl_certificate ${this.#path('cert.pem')};
    ssl_certificate_key ${this.#path('key.pem')};
    proxy_pass 127.0.0.1:${String(turnPort)};
  }
}
`
  }
}

const streamModule = (): string | undefined => streamModules.find((path) => existsSync(path))

async function shownServer(): Promise<string> {
  const shown = /```nginx\n(map [\s\S]*?)```/.exec(await readFile(deploymentGuide, 'utf8'))?.[1]
  if (shown === undefined) throw new Error('docs/deployment.md shows no server of nginx')
  return shown
}

function runs(program: string, flag: string): boolean {
  try {
    execFileSync(program, [flag], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

async function answers(port: number): Promise<boolean> {
  const probe = connect(port, '127.0.0.1')
  try {
    await once(probe, 'connect')
    return true
  } catch {
    return false
  } finally {
    probe.destroy()
  }
}
