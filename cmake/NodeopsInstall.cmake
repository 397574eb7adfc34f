# What `make install` and `make deb` put where.
include(CMakePackageConfigHelpers)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME program)

install(TARGETS nodeops_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(section 1 5)
  file(GLOB man_pages ${PROJECT_SOURCE_DIR}/man/*.${section})
  install(FILES ${man_pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
set(completions ${PROJECT_BINARY_DIR}/apps/nodeops/completions)
install(FILES ${completions}/nodeops.bash RENAME nodeops DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${completions}/_nodeops DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${completions}/nodeops.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The library: `find_package(nodeops)` and `#include <nodeops/csv/transform.hpp>`.
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME development)
target_include_directories(nodeops INTERFACE
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/nodeops>)
install(TARGETS nodeops EXPORT nodeops-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/lib/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nodeops
        FILES_MATCHING PATTERN "*.hpp")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/nodeops DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${PROJECT_SOURCE_DIR}/examples/plugin/isbn.c ${PROJECT_SOURCE_DIR}/examples/plugin/CMakeLists.txt
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples/plugin)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/nodeops)
install(EXPORT nodeops-targets NAMESPACE nodeops:: DESTINATION ${package_dir})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/nodeops-config.cmake.in nodeops-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(nodeops-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nodeops-config.cmake ${PROJECT_BINARY_DIR}/nodeops-config-version.cmake
        DESTINATION ${package_dir})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME nodeops)
set(CPACK_PACKAGE_CONTACT "The nodeops authors <maintainers@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME nodeops)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME nodeops-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "nodeops (= ${PROJECT_VERSION}), libspdlog-dev, nlohmann-json3-dev, zlib1g-dev, libzstd-dev, libre2-dev, libutf8proc-dev, liblua5.4-dev, libseccomp-dev, libjpeg62-turbo-dev, libspng-dev, libisal-dev, libdeflate-dev, libwebp-dev, libstb-dev, pkg-config")
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS libssl3)     # loaded on first use, as is the next
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS libpq5)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/lib/net)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
include(CPack)
