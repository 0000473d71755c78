// @ts-check
/**
 * Nothing that is shown needs a permission. Both handlers: one answers requests, the other queries, and the default is yes.
 * @param {import('electron').Session} session
 */
export function denyPermissions(session) {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
}
