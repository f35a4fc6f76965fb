"""The admin API: look at a running mock and control it, as JSON over HTTP on a loopback port of its own.

``routes`` is the table of what can be asked, ``openapi.yaml`` describes it, ``site`` guards it. It shows messages in
full, so it is for invented patients only, as the whole mock is.
"""

from mockiis.server.admin.site import admin_site

__all__ = ["admin_site"]
