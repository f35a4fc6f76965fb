"""The version of this package, for those who are below what the package itself offers."""

VERSION = "0.1.0"
