/** Answers the window's requests: its pages, the library's pictures, and nothing else. */
import { protocol, type Session } from 'electron'
import { answerImageRequest } from '../images/answerImageRequest.js'
import type { ImageSource } from '../images/imageSource.js'
import type { Pages } from '../pages/openPages.js'
import { withSecurityHeaders } from '../pages/securityHeaders.js'
import { isOwnAddress, scheme } from './addresses.js'

/** Must run before the app is ready. */
export function registerScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true }
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { ...privileges, codeCache: true } }])
}

export function serveWindow(session: Session, pages: Pages, images: ImageSource): void {
  session.protocol.handle(scheme, async (request) => {
    if (!isOwnAddress(request.url)) return new Response(null, { status: 404 })
    const image = await answerImageRequest(request, images)
    return withSecurityHeaders(image ?? pages.answer(request))
  })
}
