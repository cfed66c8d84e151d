export function DatabasesPage() {
  return null
}
