import Link from '@mui/material/Link'
import { createLink } from '@tanstack/react-router'

/** A link within a text, to another page of ours. */
export const TextLink = createLink(Link)
