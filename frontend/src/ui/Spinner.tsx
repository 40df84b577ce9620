import { LoaderCircle } from 'lucide-react'

/** Says "at work" without words; words stand beside it. */
export function Spinner({ size = 18 }: { readonly size?: number }) {
  return <LoaderCircle size={size} aria-hidden className="animate-spin" />
}
