#!/bin/sh
# Makes a keystore for secured nodes in the folder $1, as sros2 lays it out, with openssl alone:
#   /tester     may use what a node always has, every service, and the topics /said (publish) and /heard (subscribe)
#   /peer       may use everything
#   /elsewhere  may use everything, but its governance has domain 200 only
set -eu
keystore=$1
umask 077
mkdir -p "$keystore/enclaves"
cd "$keystore"

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }
sign() { openssl smime -sign -text -in "$1" -out "$2" -signer ca.cert.pem -inkey ca.key.pem; }

new_key ca.key.pem
openssl req -new -x509 -sha256 -days 3650 -key ca.key.pem -out ca.cert.pem -subj /CN=clipseek-test-ca

cat >governance.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<dds>
  <domain_access_rules>
    <domain_rule>
      <domains><id_range><min>0</min><max>230</max></id_range></domains>
      <allow_unauthenticated_participants>false</allow_unauthenticated_participants>
      <enable_join_access_control>true</enable_join_access_control>
      <discovery_protection_kind>ENCRYPT</discovery_protection_kind>
      <liveliness_protection_kind>ENCRYPT</liveliness_protection_kind>
      <rtps_protection_kind>SIGN</rtps_protection_kind>
      <topic_access_rules>
        <topic_rule>
          <topic_expression>*</topic_expression>
          <enable_discovery_protection>true</enable_discovery_protection>
          <enable_liveliness_protection>true</enable_liveliness_protection>
          <enable_read_access_control>true</enable_read_access_control>
          <enable_write_access_control>true</enable_write_access_control>
          <metadata_protection_kind>ENCRYPT</metadata_protection_kind>
          <data_protection_kind>ENCRYPT</data_protection_kind>
        </topic_rule>
      </topic_access_rules>
    </domain_rule>
  </domain_access_rules>
</dds>
XML
sign governance.xml governance.p7s

# enclave NAME PUBLISHED SUBSCRIBED: the topics are words.
enclave() {
  folder=enclaves/$1
  mkdir -p "$folder"
  new_key "$folder/key.pem"
  openssl req -new -sha256 -key "$folder/key.pem" -subj "/CN=\\/$1" -out request.pem
  openssl x509 -req -sha256 -days 3650 -in request.pem -CA ca.cert.pem -CAkey ca.key.pem -CAcreateserial \
    -out "$folder/cert.pem" 2>/dev/null
  topics() { for topic in $1; do echo "<topic>$topic</topic>"; done; }
  set -f
  cat >"$folder/permissions.xml" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<dds>
  <permissions>
    <grant name="/$1">
      <subject_name>CN=/$1</subject_name>
      <validity><not_before>2020-01-01T00:00:00</not_before><not_after>2037-01-01T00:00:00</not_after></validity>
      <allow_rule>
        <domains><id_range><min>0</min><max>230</max></id_range></domains>
        <publish><topics>$(topics "$2")</topics></publish>
        <subscribe><topics>$(topics "$3")</topics></subscribe>
      </allow_rule>
      <default>DENY</default>
    </grant>
  </permissions>
</dds>
XML
  set +f
  sign "$folder/permissions.xml" "$folder/permissions.p7s"
  cp ca.cert.pem "$folder/identity_ca.cert.pem"
  cp ca.cert.pem "$folder/permissions_ca.cert.pem"
  cp governance.p7s "$folder/governance.p7s"
}

always="ros_discovery_info rt/rosout rt/parameter_events rq/* rr/*"
enclave tester "$always rt/said" "$always rt/heard"
enclave peer "*" "*"
enclave elsewhere "*" "*"
sed "s|<domains>.*</domains>|<domains><id>200</id></domains>|" governance.xml >elsewhere.xml
sign elsewhere.xml enclaves/elsewhere/governance.p7s
