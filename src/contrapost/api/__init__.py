"""The API door: `/api/v1`, for scripts, with the same rules as the web."""
