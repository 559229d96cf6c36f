// Where the package's own files are, in place of www/place.js.

import { files } from 'nosale:files';

/**
 * The address that a bundler has given a file of the package.
 * @param {string} address its name, in whatever folder, and the version
 * @returns {string}
 */
export function place(address) {
  const file = address.replace(/[?].*/, '');
  for (const name in files) if (file.endsWith('/' + name)) return files[name]?.href ?? address;
  return address;
}
