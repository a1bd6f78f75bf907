"""Every process of gridpulse, of any role and on any host, reads the time zones that the pinned `tzdata` has.

Hosts have databases of other years, or none; two workers with two of them would cut the same day at two instants.
"""

import zoneinfo

zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()
