"""What a message must look like, and what is found where it does not."""

from mockiis.profile.finding import Finding, Severity

__all__ = ["Finding", "Severity"]
