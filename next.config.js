// @ts-check
/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  // Ids are paths: a slash at their end is a part of them.
  skipTrailingSlashRedirect: true,
  // Loaded by Node at run time, and never bundled: they open sockets and read files beside themselves.
  serverExternalPackages: ['pg', '@toondepauw/node-zstd'],
  // `npm run check` checks types, with the tests and the tools; the build need not do it again.
  typescript: { ignoreBuildErrors: true },
  // The closed door has checked the origin already; the development server's own check knows only `localhost`.
  allowedDevOrigins: ['127.0.0.1', '[::1]'],
  devIndicators: false,
};
