/** Whether it is an IANA name such as "America/Chicago". An offset such as "+02:00" is a time zone to Intl, but no name: it knows no summer. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
