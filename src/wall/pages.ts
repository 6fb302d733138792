// The wall dashboard as the server hands it out: files without a build step, and nothing from anywhere else.
import { readFileSync } from 'node:fs'

/** Only our own files run, connect or show; and whatever would make markup out of text is refused by the browser. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'"
].join('; ')

function page(file: string, type: string) {
  const headers = {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache'
  }
  return { headers, body: readFileSync(new URL(`page/${file}`, import.meta.url)) }
}

/** The pages of the wall by their path. */
export const wallPages = new Map([
  ['/wall', page('wall.html', 'text/html')],
  ['/wall/wall.js', page('wall.js', 'text/javascript')],
  ['/wall/live.js', page('live.js', 'text/javascript')],
  ['/wall/card.js', page('card.js', 'text/javascript')],
  ['/wall/wall.css', page('wall.css', 'text/css')],
  ['/wall/card.css', page('card.css', 'text/css')],
  ['/wall/icon.svg', page('icon.svg', 'image/svg+xml')]
])
