# syntax=docker/dockerfile:1
# reportgen as a container: nobody's rights, a root that can only be read, no network needed.
#
#   docker build --tag reportgen .
#   docker run --rm --read-only --tmpfs /tmp --network none --cap-drop ALL --security-opt no-new-privileges \
#     --volume "$PWD/data:/data:ro" --volume "$PWD/output:/output" reportgen build /data/cohort.xlsx --output /output

FROM python:3.13-slim-bookworm AS built
WORKDIR /source
COPY pyproject.toml hatch_build.py README.md CHANGELOG.md LICENSE THIRD_PARTY.md requirements.lock ./
COPY reportgen reportgen
COPY templates templates
COPY scripts/reference.py scripts/
COPY sample_data/ap_imt_crizotinib.xlsx sample_data/
# What was locked, with its hashes; then the program itself, without asking for anything more.
RUN python -m venv /opt/reportgen \
    && /opt/reportgen/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock \
    && /opt/reportgen/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /opt/reportgen/bin/python -m compileall -q /opt/reportgen/lib

FROM python:3.13-slim-bookworm
# Pango lays out the PDF. The fonts are the program's own; fontconfig must be there to be told of them.
# Debian keeps one version of each, with its security updates: a version written here would end the build one day.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        fontconfig libharfbuzz-subset0 libharfbuzz0b libpango-1.0-0 libpangoft2-1.0-0 tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin reportgen \
    && install --directory --owner reportgen --mode 0700 /output
COPY --from=built /opt/reportgen /opt/reportgen
# Whatever a library keeps for itself goes to /tmp, which need not outlive the run.
ENV PATH=/opt/reportgen/bin:$PATH \
    HOME=/tmp \
    XDG_CACHE_HOME=/tmp/cache \
    MPLCONFIGDIR=/tmp/matplotlib \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /tmp
VOLUME ["/output"]
ENTRYPOINT ["reportgen"]
CMD ["--help"]
