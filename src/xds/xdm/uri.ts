/**
 * The member that a slot URI names (IHE ITI TF-2, section 3.32.4.1.2): a path relative to the folder of the metadata, which
 * may climb inside the archive.
 * @returns null when it leaves the archive or is no relative path
 */
export function resolveUri(folder: string, uri: string): string | null {
  const path = decoded(uri);
  if (path === null || path === '' || /^\/|\\|^[A-Za-z][-+.A-Za-z0-9]*:|[?#\p{Cc}]/u.test(path)) return null;
  const steps = folder.split('/');
  for (const step of path.split('/')) {
    if (step === '..') {
      if (steps.pop() === undefined) return null;
    } else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}

function decoded(uri: string): string | null {
  try {
    return decodeURIComponent(uri.trim());
  } catch {
    return null;
  }
}
