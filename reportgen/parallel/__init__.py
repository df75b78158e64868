"""The same work for many: several processes of this machine, or a Dask cluster."""
