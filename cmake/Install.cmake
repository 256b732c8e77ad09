include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(_config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/funnelgraph)
install(
  TARGETS funnelgraph funnelgraph_header_only funnelgraph_io
  EXPORT funnelgraphTargets
  FILE_SET HEADERS COMPONENT devel
  LIBRARY COMPONENT runtime NAMELINK_COMPONENT devel
  ARCHIVE COMPONENT devel
  RUNTIME COMPONENT runtime)
install(
  EXPORT funnelgraphTargets
  NAMESPACE funnelgraph::
  DESTINATION ${_config_dir}
  COMPONENT devel)
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/funnelgraphConfig.cmake.in
  ${PROJECT_BINARY_DIR}/funnelgraphConfig.cmake
  INSTALL_DESTINATION ${_config_dir})
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/funnelgraphConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(
  FILES ${PROJECT_BINARY_DIR}/funnelgraphConfig.cmake
        ${PROJECT_BINARY_DIR}/funnelgraphConfigVersion.cmake
  DESTINATION ${_config_dir}
  COMPONENT devel)
